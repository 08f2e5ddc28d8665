"""Reading rendered pages in tests."""

import html5lib

from warehouse.site.page import render_site
from warehouse.site.read import read_published


def parsed(page):
    """The page as a tree; anything that is not valid HTML is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def text_by_class(tree, name):
    return [text_of(e) for e in tree.iter() if name in (e.get("class") or "").split()]


def site_of(database):
    return render_site(read_published(database))


def rows_of(tree, caption):
    """The cells' texts of each row of the table whose caption holds `caption`."""
    table = next(t for t in tree.iter("table") if caption in text_of(t.find("caption")))
    return [[text_of(cell) for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
