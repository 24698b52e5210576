"""pack and get --from: a room without a network, and archives that mean harm."""

import dataclasses
import io
import json
import tarfile

import pytest

from data_fetch import DataError, archive, cache, lookup

ENTRY = lookup.entry("current_injection")


@pytest.fixture
def course(file, monkeypatch):
    """A catalogue of one small recording whose hash we can meet."""
    entry = dataclasses.replace(ENTRY, files=(file,))
    monkeypatch.setattr(lookup, "recordings", lambda: {entry.name: entry})
    monkeypatch.setattr(archive, "recordings", lambda: {entry.name: entry})
    return entry


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write(path, members, manifest=None):
    """A tar of (name, bytes or TarInfo change) and a manifest."""
    note = {"recording": "current_injection", "size": 1, "hash": "sha256:0"}
    manifest = manifest or {name: note for name, _ in members}
    with tarfile.open(path, "w") as tar:
        for name, content in [("manifest.json", json.dumps(manifest).encode()), *members]:
            head = tarfile.TarInfo(name)
            head.size = len(content)
            tar.addfile(head, io.BytesIO(content))
    return path


def test_what_is_packed_here_is_installed_there(course, content, cache_folder, tmp_path):
    put(cache_folder / "cell.nwb", content)
    assert archive.pack(tmp_path / "room.tar") == ["current_injection"]
    cache.remove(course.file)
    assert cache.find(course.file) is None
    assert archive.install(tmp_path / "room.tar") == ["current_injection"]
    assert cache.find(course.file).read_bytes() == content


def test_a_stick_with_the_plain_files_serves_as_well(course, content, tmp_path):
    put(tmp_path / "stick" / "cell.nwb", content)
    assert archive.install(tmp_path / "stick") == ["current_injection"]
    assert cache.find(course.file).read_bytes() == content
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no file of the course"):
        archive.install(tmp_path / "empty")


@pytest.mark.parametrize("name", ["../cell.nwb", "/tmp/cell.nwb", "a/../../cell.nwb", "..\\x"])
def test_an_archive_with_paths_is_refused_whole(name, course, content, tmp_path, cache_folder):
    path = write(tmp_path / "evil.tar", [("cell.nwb", content), (name, content)])
    with pytest.raises(DataError, match="no plain file name: refused"):
        archive.install(path)
    assert not cache_folder.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["evil.tar"]


def test_an_archive_with_links_is_refused(course, tmp_path):
    path = tmp_path / "evil.tar"
    with tarfile.open(path, "w") as tar:
        head = tarfile.TarInfo("cell.nwb")
        head.type, head.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(head)
    with pytest.raises(DataError, match="no plain file name: refused"):
        archive.install(path)


def test_a_file_that_is_not_of_the_course_is_refused(course, content, tmp_path):
    path = write(tmp_path / "other.tar", [("other.nwb", content)])
    with pytest.raises(DataError, match="'other.nwb', which is not of this course"):
        archive.install(path)


def test_a_file_with_a_wrong_hash_is_refused_and_the_right_one_kept(
    course, content, tmp_path, cache_folder
):
    """The manifest may say what it likes: the published hash counts."""
    put(cache_folder / "cell.nwb", content)
    path = write(tmp_path / "bad.tar", [("cell.nwb", b"something else")])
    with pytest.raises(DataError, match="has hash .* not installed"):
        archive.install(path)
    assert cache.find(course.file).read_bytes() == content
    assert not (cache_folder / "cell.nwb.part").exists()


@pytest.mark.parametrize("damage", [b"", b"no tar at all", b"\0" * 20_000])
def test_a_damaged_archive_is_one_sentence(damage, course, tmp_path):
    path = tmp_path / "bad.tar"
    path.write_bytes(damage)
    with pytest.raises(DataError, match="no readable archive of `pack`") as error:
        archive.install(path)
    assert "\n" not in str(error.value) and str(error.value).endswith("or pack it anew")
    with pytest.raises(DataError, match="absent.tar: name an archive of `pack`, or a folder"):
        archive.install(tmp_path / "absent.tar")


def test_packing_nothing_is_one_sentence(course, tmp_path):
    with pytest.raises(DataError, match="nothing to pack"):
        archive.pack(tmp_path / "room.tar")
    with pytest.raises(DataError, match="current_injection is not here"):
        archive.pack(tmp_path / "room.tar", ["current_injection"])
    assert list(tmp_path.glob("room.tar*")) == []


def test_a_pinned_file_keeps_its_pin_in_the_room(course, file, content, tmp_path, monkeypatch):
    entry = dataclasses.replace(course, files=(dataclasses.replace(file, hash=None),))
    for module in (lookup, archive):
        monkeypatch.setattr(module, "recordings", lambda: {entry.name: entry})
    path = cache.writable() / "cell.nwb"
    put(path, content)
    cache.pin(path, file.hash)
    archive.pack(tmp_path / "room.tar")
    cache.remove(entry.file)
    archive.install(tmp_path / "room.tar")
    assert cache.pinned(path) == file.hash and cache.find(entry.file) == path
