"""What is the number? Pure functions: values in, new values out."""
