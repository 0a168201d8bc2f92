"""`yujing serve` and `yujing users`."""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

from alerts.commands.showing import console, table
from index.ledger import Ledger, audit, centers, users
from index.ledger.users import LOGIN, ROLES, User
from index.problems import Unusable
from index.settings import Settings, load_settings


def serve(port: int | None, login: str) -> int:
    """Serve the desk until told to stop. Raises Unusable where the address is taken or the settings are wrong."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also before the server listens to it
    try:
        with contextlib.closing(Ledger.open((settings := load_settings()).ledger)) as ledger:
            _serve(settings, ledger, port, login)
    except KeyboardInterrupt:
        pass  # the server has shut down in order; a trace would only frighten
    return 0


def _serve(settings: Settings, ledger: Ledger, port: int | None, login: str) -> None:
    import uvicorn  # noqa: PLC0415  slow to import

    from alerts.console.app import create_app  # noqa: PLC0415

    with listen(settings, port) as listening:
        base = address(settings, listening)
        app = create_app(settings, ledger, listening.getsockname()[1])
        entry = f"{base}{pass_path(ledger, login)}" if login else ""
        print(f"工作台 desk: {base}", flush=True)
        if entry:
            print(f"一次性登录 one-time login: {entry}", flush=True)
        print("按 Ctrl+C 停止 to stop", flush=True)
        # Two seconds for answers under way and less for the sender's: the whole must end within five.
        config = uvicorn.Config(
            app, log_config=None, server_header=False, access_log=False, timeout_graceful_shutdown=2
        )
        uvicorn.Server(config).run(sockets=[listening])


def listen(settings: Settings, port: int | None) -> socket.socket:
    """A socket on the desk's address. Raises Unusable where it is taken, or is every address and none is public.

    The default port gives way to a free one; a port that was asked for does not.
    """
    asked = settings.serve_port if port is None else port
    chosen = port is not None or settings.origin("serve_port") != "default"
    for one in (asked,) if chosen else (asked, 0):
        try:
            opened = socket.create_server((settings.serve_host, one), family=_family(settings.serve_host), backlog=128)
        except OSError as error:
            refused = error
            continue
        if ipaddress.ip_address(opened.getsockname()[0]).is_unspecified and not urlsplit(settings.serve_url).hostname:
            opened.close()
            raise Unusable("YUJING_SERVE_HOST listens on every address: set YUJING_SERVE_URL to the one staff use")
        return opened
    raise Unusable(f"{settings.serve_host}:{asked}: {refused.strerror or refused}")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address(settings: Settings, listening: socket.socket) -> str:
    """The address staff open: the public one if set, else where we listen."""
    return settings.serve_url.rstrip("/") or _local(*listening.getsockname()[:2])


def _local(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def pass_path(ledger: Ledger, user: str) -> str:
    """The path of a new one-time login. Raises Unusable for an unknown or disabled user."""
    from alerts.console.logins import give_pass  # noqa: PLC0415

    with ledger.read() as work:
        known = users.load(work, user)
    if known is None or known.disabled_at is not None:
        raise Unusable(f"user {user!r} is not known; `yujing users list` shows who is, `yujing users add` adds one")
    return f"/login/once/{give_pass(ledger, user)}"


def add_user(user: str, name: str, center: str | None, role: str | None) -> int:
    """Add a user, or change what is given of a known one, and print a one-time login.

    Raises Unusable for what is wrong with it, and for a user who is shut out.
    """
    settings = load_settings()
    ledger, now = Ledger.open(settings.ledger), datetime.now(UTC)
    with ledger.begin() as work:
        before = users.load(work, user)
        if before and before.disabled_at:
            raise Unusable(f"user {user!r} is disabled; `yujing users enable {user}` lets them in again")
        kept = before or User(user, name, "", users.CLERK)
        center, role = kept.center if center is None else center, role or kept.role
        check(user, name, role, center, [known.id for known in centers.every(work)])
        users.write(work, User(user, name.strip(), center, role), now)
        was = {"center": before.center, "role": before.role, "name": before.name} if before else {}
        audit.write(work, "系统", "user", user, now, name=name.strip(), center=center, role=role, before=was)
    print_pass(settings, ledger, user)
    ledger.close()
    return 0


def check(user: str, name: str, role: str, center: str, known: list[str]) -> None:
    """Raises Unusable naming what is wrong with a user."""
    if not LOGIN.fullmatch(user):
        raise Unusable(f"user {user!r}: 2 to 32 small letters, digits, dots, hyphens")
    if not name.strip() or not name.isprintable() or len(name) > 60:
        raise Unusable(f"user {user!r}: the name {name!r} is empty, too long or not printable")
    if role not in ROLES:
        raise Unusable(f"user {user!r}: role {role!r} is none of {', '.join(ROLES)}")
    if center and center not in known:
        raise Unusable(f"user {user!r}: center {center!r} is not known; known: {', '.join(known) or 'none yet'}")


def print_pass(settings: Settings, ledger: Ledger, user: str) -> None:
    """Print where a user logs in once."""
    path = pass_path(ledger, user)
    base = settings.serve_url.rstrip("/") or _local(settings.serve_host, settings.serve_port)
    print(f"{user}: {base}{path}")
    print("一小时内有效，仅可使用一次。 Good for an hour, once; the desk must be open (yujing serve).")


def one_time_login(user: str) -> int:
    """Print a one-time login."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    print_pass(settings, ledger, user)
    ledger.close()
    return 0


def disable_user(user: str) -> int:
    """Shut a user out. Raises Unusable for an unknown one."""
    ledger, now = Ledger.open(load_settings().ledger), datetime.now(UTC)
    with ledger.begin() as work:
        if not users.disable(work, user, now):
            raise Unusable(f"user {user!r} is not known")
        audit.write(work, "系统", "user_disabled", user, now)
    ledger.close()
    print(f"{user}: 已停用 disabled")
    return 0


def enable_user(user: str) -> int:
    """Let a user in again and print a one-time login. Raises Unusable for an unknown one."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    with ledger.begin() as work:
        if not users.enable(work, user):
            raise Unusable(f"user {user!r} is not known")
        audit.write(work, "系统", "user_enabled", user, datetime.now(UTC))
    print_pass(settings, ledger, user)
    ledger.close()
    return 0


def list_users() -> int:
    """Print the users."""
    ledger = Ledger.open(load_settings().ledger)
    with ledger.read() as work:
        known = users.every(work)
    ledger.close()
    shown = table("用户 · users", "登录名 user", "姓名 name", "中心 center", "角色 role", "状态 state", words=5)
    for user in known:
        state = "停用 disabled" if user.disabled_at else ("" if user.password else "未设密码 no password yet")
        shown.add_row(user.id, user.name, user.center or "全省 province", user.role, state)
    console().print(shown)
    return 0
