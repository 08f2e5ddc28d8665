"""Manifests: a return that is not as its supplier listed it is refused."""

import json

import pytest

from transforms.errors import ReturnRejected, UsageError
from warehouse.manifest import announcement_of, read_manifest, require_announced

SHA256 = "0" * 63 + "a"
PATTERN = r"manifest.*\.(csv|json|txt)$"


def put(folder, content, name="manifest.csv"):
    (folder / name).write_text(content)
    return folder / name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.csv", f"file,rows,sha256\na.sav,40,{SHA256}\nb.sav,7,\n"),
        ("manifest.csv", f"\ufeffFile;Rows;SHA256\na.sav;40;{SHA256.upper()}\nb.sav;7;\n"),
        ("manifest.txt", f"rows\tfile\tsha256\tnote\n40\tout/a.sav\t{SHA256}\tx\n7\tb.sav\t\t\n"),
        (
            "manifest.json",
            json.dumps(
                [{"file": "a.sav", "rows": 40, "sha256": SHA256}, {"file": "b.sav", "rows": 7}]
            ),
        ),
        (
            "manifest.json",
            json.dumps(
                {
                    "files": [
                        {"file": "C:\\x\\a.sav", "rows": "40", "sha256": SHA256},
                        {"file": "b.sav", "rows": 7},
                    ]
                }
            ),
        ),
    ],
)
def test_a_manifest_is_a_table_of_files_and_rows(tmp_path, name, content):
    first, second = read_manifest(put(tmp_path, content, name))

    assert (first.file_name, first.rows, first.sha256) == ("a.sav", 40, SHA256)
    assert (second.file_name, second.rows, second.sha256) == ("b.sav", 7, None)
    assert first.manifest == name


@pytest.mark.parametrize(
    "content",
    [
        "name,rows\na.sav,40\n",
        "nonsense",
        "",
        "file,rows\na.sav,forty\n",
        "file,rows\na.sav,-1\n",
        "file,rows\n,40\n",
        "file,rows,sha256\na.sav,40,abc\n",
        '{"a.sav": 40}',
        "[1, 2]",
        '[{"file": "a.sav"',
    ],
)
def test_a_manifest_that_cannot_be_understood_is_said_so(tmp_path, content):
    with pytest.raises(UsageError, match=r"manifest\.csv cannot be understood") as why:
        read_manifest(put(tmp_path, content))
    assert "file, rows" in why.value.expected
    assert why.value.__context__ is None


def test_what_is_said_of_a_file_is_found_in_the_manifests_beside_it(tmp_path):
    path = put(tmp_path, "", "A.sav")
    assert announcement_of(path, PATTERN) is None
    put(tmp_path, "file,rows\na.sav,40\n")
    put(tmp_path, "file,rows\na.sav,40\n", "manifest_2.csv")

    assert announcement_of(path, PATTERN).rows == 40


def test_two_manifests_that_say_different_things_are_refused(tmp_path):
    path = put(tmp_path, "", "a.sav")
    put(tmp_path, "file,rows\na.sav,40\n")
    put(tmp_path, "file,rows\na.sav,41\n", "manifest_2.csv")

    with pytest.raises(UsageError, match=r"manifest\.csv, manifest_2\.csv: a\.sav is listed more"):
        announcement_of(path, PATTERN)


def test_a_return_must_be_as_it_was_listed(tmp_path):
    announced = read_manifest(put(tmp_path, f"file,rows,sha256\na.sav,40,{SHA256}\n"))[0]
    require_announced(announced, SHA256, 40)

    with pytest.raises(ReturnRejected, match=r"a\.sav holds 39 rows; manifest\.csv lists 40"):
        require_announced(announced, SHA256, 39)
    with pytest.raises(ReturnRejected, match="SHA-256 differ"):
        require_announced(announced, "1" * 64, 40)
