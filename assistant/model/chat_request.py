"""One request to a chat model, as it is sent to a server that has refused some options.

Owns the parameters and their names. The reply is read by `assistant.model.model_connection`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.model.refused_options import Option, Options

if TYPE_CHECKING:
    from assistant.model.chat_model import ChatModelSettings, Message

_JSON_RULE = "Reply with one JSON object and nothing else. It must fit this JSON schema:"


@dataclass(frozen=True, slots=True)
class JsonForm:
    """The JSON schema that a reply is to fit, and a short name for it."""

    name: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What to ask, within the limits of `settings`; with a `form`, for JSON."""

    settings: ChatModelSettings
    messages: tuple[Message, ...]
    form: JsonForm | None = None

    def options(self, refused: Options) -> Options:
        """Return the options that are sent where some are refused."""
        options = {Option.MAX_TOKENS, Option.USAGE}
        if self.settings.temperature is not None:
            options.add(Option.TEMPERATURE)
        if self.form:
            schema_refused = Option.JSON_SCHEMA in refused
            options.add(Option.JSON_OBJECT if schema_refused else Option.JSON_SCHEMA)
        return frozenset(options - refused)

    def parameters(self, refused: Options) -> dict[str, Any]:
        """Return the parameters beside the messages, the temperature, and the model's name."""
        options = self.options(refused)
        limit = "max_tokens" if Option.MAX_TOKENS in options else "max_completion_tokens"
        parameters: dict[str, Any] = {limit: self.settings.reply_tokens}
        if Option.USAGE in options:
            parameters["stream_options"] = {"include_usage": True}
        if Option.JSON_OBJECT in options:
            parameters["response_format"] = {"type": "json_object"}
        elif self.form and Option.JSON_SCHEMA in options:
            schema = {"name": self.form.name, "schema": self.form.schema, "strict": True}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        return parameters

    def messages_without(self, refused: Options) -> tuple[Message, ...]:
        """Return the messages; where no schema may be sent, the first has it in words."""
        if self.form is None or Option.JSON_SCHEMA not in refused:
            return self.messages
        first, *further = self.messages
        rule = f"{first.text}\n\n{_JSON_RULE}\n{json.dumps(self.form.schema, ensure_ascii=False)}"
        return replace(first, text=rule), *further
