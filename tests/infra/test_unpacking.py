"""Archives of strangers: what is unpacked stays inside, is no link, and is no more than was agreed."""

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dfworx.infra.unpacking import MOST_RATIO, Refused, problem_with, unpack

pytestmark = pytest.mark.anyio

MOST = 10_000_000


def zipped(path: Path, *files: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return path


def tarred(path: Path, *files: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return path


def with_a_link(path: Path, kind: bytes) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        info = tarfile.TarInfo("7-ops/link.json")
        info.type, info.linkname = kind, "/etc/passwd"
        packed.addfile(info)
        plain = tarfile.TarInfo("7-ops/plain.json")
        plain.size = 2
        packed.addfile(plain, io.BytesIO(b"[]"))
    return path


def with_a_zipped_link(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        info = zipfile.ZipInfo("7-ops/link.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(info, "/etc/passwd")
        packed.writestr("7-ops/plain.json", "[]")
    return path


def unpacked(into: Path) -> list[str]:
    return sorted(str(file.relative_to(into)) for file in into.rglob("*") if not file.is_dir())


@pytest.mark.parametrize("pack", [zipped, tarred])
async def test_it_works(tmp_path, pack: Callable[..., Path]):
    archive = pack(tmp_path / "a", ("7-ops/cable.20cut.json", b"[]"), ("9-lab/x.json", b"[1]"), ("README.md", b"no"))
    await unpack(archive, tmp_path / "tree", MOST)
    assert unpacked(tmp_path / "tree") == ["7-ops/cable.20cut.json", "9-lab/x.json"]


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("name", ["../out.json", "/out.json", "7-ops/../../out.json", "..\\out.json"])
def test_a_name_that_leads_out_is_refused(tmp_path, pack: Callable[..., Path], name):
    archive = pack(tmp_path / "a", ("7-ops/good.json", b"[]"), (name, b"[]"))
    assert "leads out" in problem_with(archive, tmp_path / "in" / "tree", MOST)
    assert set(unpacked(tmp_path)) <= {"a", "in/tree/7-ops/good.json"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_left_out(tmp_path, kind):
    assert not problem_with(with_a_link(tmp_path / "a", kind), tmp_path / "tree", MOST)
    assert unpacked(tmp_path / "tree") == ["7-ops/plain.json"]


def test_links_in_a_zip_are_left_out(tmp_path):
    assert not problem_with(with_a_zipped_link(tmp_path / "a"), tmp_path / "tree", MOST)
    assert unpacked(tmp_path / "tree") == ["7-ops/plain.json"]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_bomb_is_refused(tmp_path, pack: Callable[..., Path]):
    archive = pack(tmp_path / "a", ("7-ops/bomb.json", b"0" * 20_000_000))
    assert archive.stat().st_size * MOST_RATIO < 20_000_000
    assert "larger than is accepted" in problem_with(archive, tmp_path / "tree", 1_000_000_000)


def test_more_than_was_agreed_is_refused(tmp_path):
    archive = zipped(tmp_path / "a", ("1-a/a.json", b"[1, 2, 3]"), ("1-a/b.json", b"[1, 2, 3]"))
    assert "larger than is accepted" in problem_with(archive, tmp_path / "tree", 10)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"\x1f\x8b and then nothing", b"GIF89a"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    assert problem_with(tmp_path / "a", tmp_path / "tree", MOST)


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_one_that_is_cut_off_is_refused(tmp_path, pack: Callable[..., Path]):
    archive = pack(tmp_path / "a", *((f"1-a/{n}.json", bytes(range(256)) * 40) for n in range(20)))
    archive.write_bytes(archive.read_bytes()[:-900])
    assert problem_with(archive, tmp_path / "tree", MOST)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_that_stands_twice_is_refused(tmp_path, pack: Callable[..., Path]):
    archive = pack(tmp_path / "a", ("1-a/a.json", b"[]"), ("1-a/a.json", b"[2]"))
    assert "twice" in problem_with(archive, tmp_path / "tree", MOST)


def test_a_zip_with_an_endless_directory_is_refused(tmp_path):
    archive = zipped(tmp_path / "a", ("1-a/a.json", b"[]"))
    content = bytearray(archive.read_bytes())
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = (500_000_000).to_bytes(4, "little")
    archive.write_bytes(content)
    assert "more files" in problem_with(archive, tmp_path / "tree", MOST)


async def test_what_is_refused_leaves_nothing_behind(tmp_path):
    archive = zipped(tmp_path / "a", ("7-ops/good.json", b"[]"), ("../out.json", b"[]"))
    with pytest.raises(Refused, match="leads out"):
        await unpack(archive, tmp_path / "tree", MOST)
    assert unpacked(tmp_path) == ["a"]
