"""Before and around login: configuration, codes, passwords, QR codes, bot tokens."""

from __future__ import annotations

import inspect
import os
import re
from functools import cache
from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.mtproto.srp import Srp
from sandbox.world import RpcFailure, User


@cache
def _required_of_config() -> tuple[str, ...]:
    parameters = inspect.signature(t.Config.__init__).parameters.items()
    return tuple(k for k, v in parameters if k != "self" and v.default is inspect.Parameter.empty)


@on(f.help.GetConfigRequest, before_login=True)
def get_config(c: Call, r: Any) -> Any:
    values: dict[str, Any] = dict.fromkeys(_required_of_config(), 0)
    values.update(
        date=media.when(c.now()),
        expires=media.when(c.now() + 3600),
        test_mode=False,
        this_dc=2,
        dc_options=[t.DcOption(2, c.server.host, c.server.port)],
        dc_txt_domain_name="sandbox.invalid",
        chat_size_max=200,
        megagroup_size_max=200000,
        forwarded_count_max=100,
        caption_length_max=c.w.lengths.caption,
        message_length_max=c.w.lengths.text,
        edit_time_limit=172800,
        webfile_dc_id=2,
        me_url_prefix="https://t.me/",
    )
    return t.Config(**values)


@on(f.help.GetAppConfigRequest)
def get_app_config(c: Call, r: Any) -> Any:
    x = c.w.lengths
    limits = {
        "caption_length_limit_default": x.caption,
        "caption_length_limit_premium": x.caption_premium,
        "message_length_limit_default": x.text,
        "message_length_limit_premium": x.text_premium,
        "quote_length_max": x.quote,
    }
    return t.help.AppConfig(
        0, t.JsonObject([t.JsonObjectValue(k, t.JsonNumber(v)) for k, v in limits.items()])
    )


@on(f.auth.SendCodeRequest, before_login=True)
def send_code(c: Call, r: Any) -> Any:
    if not re.fullmatch(r"\+?\d{5,15}", r.phone_number):
        raise RpcFailure(406, "PHONE_NUMBER_INVALID")
    u = _by_phone(c, r.phone_number)
    if u and u.deleted:
        raise RpcFailure(400, "PHONE_NUMBER_BANNED")
    c.auth.login = {"phone": r.phone_number.lstrip("+"), "hash": f"h{c.session.id}"}
    return t.auth.SentCode(t.auth.SentCodeTypeApp(5), c.auth.login["hash"])


@on(f.auth.SignInRequest, before_login=True)
def sign_in(c: Call, r: Any) -> Any:
    login = c.auth.login
    if r.phone_code_hash != login.get("hash"):
        raise RpcFailure(400, "PHONE_CODE_EXPIRED")
    if r.phone_code != c.w.login_code:
        raise RpcFailure(400, "PHONE_CODE_INVALID")
    u = _by_phone(c, login["phone"])
    if u is None:
        return t.auth.AuthorizationSignUpRequired()
    return _finish(c, u)


def _by_phone(c: Call, phone: str) -> User | None:
    return next((u for u in c.w.users.values() if u.phone == phone.lstrip("+")), None)


def _finish(c: Call, u: User) -> Any:
    if u.password:
        c.auth.login["2fa"] = u
        raise RpcFailure(401, "SESSION_PASSWORD_NEEDED")
    return _authorize(c, u)


def _authorize(c: Call, u: User) -> Any:
    c.server.bind(c.auth, u.id)
    return t.auth.Authorization(people.user(c.w, u.id, u))


@on(f.account.GetPasswordRequest, before_login=True)
def get_password(c: Call, r: Any) -> Any:
    u: User = c.auth.login.get("2fa") or c.w.users[c.me]
    srp = c.auth.login["srp"] = Srp(u.password or "")
    return srp.question()


@on(f.auth.CheckPasswordRequest, before_login=True)
def check_password(c: Call, r: Any) -> Any:
    login = c.auth.login
    if "srp" not in login or not login.pop("srp").check(r.password):
        raise RpcFailure(400, "PASSWORD_HASH_INVALID")
    return _authorize(c, login["2fa"])


@on(f.auth.ExportLoginTokenRequest, before_login=True)
def export_login_token(c: Call, r: Any) -> Any:
    token = c.auth.login.get("qr")
    scanned = c.w.qr_tokens.get(token) if token else None
    if scanned:
        return t.auth.LoginTokenSuccess(_finish(c, c.w.users[scanned]))
    token = c.auth.login["qr"] = os.urandom(16)
    c.w.qr_tokens[token] = None
    return t.auth.LoginToken(media.when(c.now() + 30), token)


@on(f.auth.ImportBotAuthorizationRequest, before_login=True)
def import_bot_authorization(c: Call, r: Any) -> Any:
    u = next((u for u in c.w.users.values() if u.token == r.bot_auth_token), None)
    if u is None:
        raise RpcFailure(400, "ACCESS_TOKEN_INVALID")
    return _authorize(c, u)


@on(f.auth.LogOutRequest)
def log_out(c: Call, r: Any) -> Any:
    c.server.bind(c.auth, None)
    return t.auth.LoggedOut()
