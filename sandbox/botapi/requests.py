"""What a request asks for: parameters from query, form, multipart or JSON, checked by aiogram's classes."""

from __future__ import annotations

import json
import types
from functools import cache
from typing import Any, Union, get_args, get_origin

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiohttp import web
from pydantic import ValidationError

from sandbox.botapi.errors import ApiError
from sandbox.botapi.files import Upload

Method = type[TelegramMethod[Any]]

#: Every method aiogram knows, by its name in lower case: the Bot API ignores case.
METHODS: dict[str, Method] = {
    cls.__api_method__.lower(): cls
    for cls in vars(methods).values()
    if isinstance(cls, type) and issubclass(cls, TelegramMethod) and cls is not TelegramMethod
}


async def read(request: web.Request, method: Method) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Parameters as they came, and uploaded files by the name of their part. Raises ApiError 400 or 413."""
    params: dict[str, Any] = {k: _value(method, k, v) for k, v in request.query.items()}
    uploads: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            params |= await request.json()
        elif request.can_read_body:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    uploads[name] = Upload(value.filename, value.content_type, value.file.read())
                elif isinstance(value, str):
                    params[name] = _value(method, name, value)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except (json.JSONDecodeError, TypeError):
        raise ApiError(400, "can't parse request parameters as a JSON object") from None
    for name in uploads:
        params.setdefault(name, f"attach://{name}")
    return params, uploads


def parse(method: Method, params: dict[str, Any]) -> Any:
    """The request as an instance of its class. Raises ApiError 400 with the first thing that is wrong."""
    try:
        return method.model_validate(params)
    except ValidationError as e:
        first = e.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ApiError(400, f"parameter {where}: {first['msg']}") from None


def _value(method: Method, name: str, value: str) -> Any:
    if name not in _structured(method):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise ApiError(400, f"can't parse {name} JSON object") from None


@cache
def _structured(method: Method) -> frozenset[str]:
    """Parameters sent as JSON: those that cannot be a plain string. A text may well begin with a bracket."""
    fields = method.model_fields.items()
    return frozenset(name for name, field in fields if not _may_be_text(field.annotation))


def _may_be_text(annotation: Any) -> bool:
    union = get_origin(annotation) in (Union, types.UnionType)
    options = get_args(annotation) if union else (annotation,)
    return str in options
