"""Writes the contract reference: one HTML page from the comments and options of the contracts.

    reference.py DESCRIPTORS >reference.html

DESCRIPTORS is a FileDescriptorSet with source info. The stubs of clinic/options must be importable.
"""

import html
import re
import sys

from clinic.options.v1 import options_pb2
from google.protobuf import descriptor_pb2

FIELD = descriptor_pb2.FieldDescriptorProto
SCALARS = {
    number: name[5:].lower() for name, number in FIELD.Type.items()
    if name not in ("TYPE_MESSAGE", "TYPE_ENUM", "TYPE_GROUP")
}

STYLE = """
:root { color-scheme: light dark; --line: #8883; --soft: #8881; --link: #0a58ca; --warn: #b3261e }
@media (prefers-color-scheme: dark) { :root { --link: #7ab3ff; --warn: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; display: flex }
nav { width: 19rem; height: 100vh; position: sticky; top: 0; overflow: auto; padding: 1.2rem;
  border-right: 1px solid var(--line); font-size: 14px; flex: none }
nav h2 { font-size: 12px; letter-spacing: .06em; text-transform: uppercase; margin: 1.2rem 0 .3rem }
nav h2 { border: 0; padding: 0 }
nav a { display: block; padding: .05rem 0 }
nav a.method { padding-left: 1rem; font-size: 13px }
main { padding: 2rem 3rem 6rem; max-width: 64rem; min-width: 0 }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
h1 { margin-top: 0 } h2 { border-top: 1px solid var(--line); padding-top: 1.6rem; margin-top: 2.4rem }
h3 { margin: 1.8rem 0 .2rem }
code, pre, .type { font: 13px/1.5 ui-monospace, monospace }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 }
td, th { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
  border-bottom: 1px solid var(--line) }
th { font-weight: 600; font-size: 13px }
.facts { margin: .3rem 0; font-size: 13px } .facts span { background: var(--soft);
  border-radius: 4px; padding: .1rem .5rem; margin-right: .4rem; white-space: nowrap }
.deprecated { color: var(--warn); font-weight: 600 }
.where { font-size: 13px; opacity: .7 }
@media (max-width: 60rem) { body { display: block } nav { width: auto; height: auto;
  position: static } main { padding: 1.2rem } }
"""


class Contract:
    def __init__(self, files):
        self.files = [f for f in files if re.match(r"(clinic/v|clinic/rpc/|grpc/)", f.name)
                      and "/v1alpha/" not in f.name]
        self.names = set()
        self.comments = {}
        for file in self.files:
            for location in file.source_code_info.location:
                self.comments[file.name, tuple(location.path)] = location.leading_comments.strip()
            for _, name, _ in self.types(file):
                self.names.add(name)

    def comment(self, file, path):
        """A comment as paragraphs, its backquotes as code and its lists as lists."""
        text = html.escape(self.comments.get((file.name, tuple(path)), ""))
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        return "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())

    def types(self, file):
        """Every message and enum: its path among the descriptors, its full name, itself."""
        def messages(found, path, scope):
            for index, message in found:
                here = path + (index,)
                name = f"{scope}.{message.name}"
                yield here, name, message
                for inner, enum in enumerate(message.enum_type):
                    yield here + (4, inner), f"{name}.{enum.name}", enum
                nested = [(i, m) for i, m in enumerate(message.nested_type)
                          if not m.options.map_entry]
                yield from messages(nested, here + (3,), name)

        yield from messages(enumerate(file.message_type), (4,), file.package)
        for index, enum in enumerate(file.enum_type):
            yield (5, index), f"{file.package}.{enum.name}", enum

    def link(self, name):
        name = name.lstrip(".")
        text = name.split(".v1.")[-1] if name in self.names else name
        text = html.escape(text)
        return f'<a class="type" href="#{name}">{text}</a>' if name in self.names \
            else f'<span class="type">{text}</span>'

    def field_type(self, field, message):
        for entry in message.nested_type:
            if entry.options.map_entry and field.type_name.endswith("." + entry.name):
                key, value = entry.field
                return f"map of {SCALARS[key.type]} to {self.field_type(value, entry)}"
        name = SCALARS.get(field.type)
        text = f'<span class="type">{name}</span>' if name else self.link(field.type_name)
        return f"list of {text}" if field.label == FIELD.LABEL_REPEATED else text


def rules(field):
    """What the options of a field ask for, in words."""
    policy = field.options.Extensions[options_pb2.field]
    found = []
    if policy.required:
        found.append("required")
    if policy.output_only:
        found.append("set by the server")
    if policy.format:
        found.append(options_pb2.Format.Name(policy.format)[7:].replace("_", " ").lower())
    if policy.min_length or policy.max_length:
        found.append(f"{policy.min_length or 0} to {policy.max_length or '…'} characters")
    if policy.HasField("minimum") or policy.HasField("maximum"):
        low = policy.minimum if policy.HasField("minimum") else "…"
        high = policy.maximum if policy.HasField("maximum") else "…"
        found.append(f"{low} to {high}")
    if policy.min_items or policy.max_items:
        found.append(f"{policy.min_items} to {policy.max_items or '…'} items")
    if policy.pattern:
        found.append(f"matches <code>{html.escape(policy.pattern)}</code>")
    if policy.sensitivity > options_pb2.SENSITIVITY_PUBLIC:
        found.append(options_pb2.Sensitivity.Name(policy.sensitivity)[12:].lower())
    return "; ".join(found)


def deprecated(options):
    return '<p class="deprecated">Deprecated.</p>' if options.deprecated else ""


def facts(method):
    policy = method.options.Extensions[options_pb2.method]
    if not policy.audience:
        return ""
    words = [{
        options_pb2.AUDIENCE_PUBLIC: "open to everybody",
        options_pb2.AUDIENCE_CLINIC: "for staff and service accounts",
    }.get(policy.audience, f"for {options_pb2.Audience.Name(policy.audience)[9:].lower()}")]
    if list(policy.permission) == ["self"]:
        words.append("on your own account")
    elif policy.permission:
        words.append("needs " + " and ".join(
            f"<code>{html.escape(name)}</code>" for name in policy.permission))
    words.append({
        options_pb2.IDEMPOTENCY_NO_SIDE_EFFECTS: "may be repeated",
        options_pb2.IDEMPOTENCY_REQUEST_ID: "once per request_id",
    }.get(policy.idempotency, "must not be repeated"))
    words.append(f"at most {policy.max_deadline_ms / 1000:g} s")
    each = f", {policy.message_cost} a message" if policy.message_cost else ""
    words.append(f"costs {policy.cost or 1}{each}")
    return '<p class="facts">' + "".join(f"<span>{word}</span>" for word in words) + "</p>"


def service(contract, file, index):
    described = file.service[index]
    name = f"{file.package}.{described.name}"
    yield f'<h2 id="{name}">{described.name}</h2><p class="where">{name}, {file.name}</p>'
    yield deprecated(described.options) + contract.comment(file, (6, index))
    for number, method in enumerate(described.method):
        stream = ("stream of " if method.client_streaming else "",
                  "stream of " if method.server_streaming else "")
        yield f'<h3 id="{name}.{method.name}">{method.name}</h3>'
        yield (f"<p>{stream[0]}{contract.link(method.input_type)} → "
               f"{stream[1]}{contract.link(method.output_type)}</p>")
        yield deprecated(method.options) + facts(method)
        yield contract.comment(file, (6, index, 2, number))


def message(contract, file, path, name, described):
    yield f'<h3 id="{name}">{html.escape(name.split(".v1.")[-1])}</h3>'
    yield f'<p class="where">{name}, {file.name}</p>'
    yield deprecated(described.options) + contract.comment(file, path)
    if isinstance(described, descriptor_pb2.EnumDescriptorProto):
        yield "<table><tr><th>value</th><th>number</th><th>meaning</th></tr>"
        for index, value in enumerate(described.value):
            yield (f"<tr><td><code>{value.name}</code></td><td>{value.number}</td><td>"
                   f"{deprecated(value.options)}{contract.comment(file, path + (2, index))}</td></tr>")
        yield "</table>"
    elif described.field:
        yield "<table><tr><th>field</th><th>type</th><th>meaning</th></tr>"
        for index, field in enumerate(described.field):
            found = rules(field)
            oneof = ""
            if field.HasField("oneof_index") and not field.proto3_optional:
                oneof = f"<br>one of <code>{described.oneof_decl[field.oneof_index].name}</code>"
            yield (f"<tr><td><code>{field.name}</code> = {field.number}{oneof}</td>"
                   f"<td>{contract.field_type(field, described)}</td>"
                   f"<td>{deprecated(field.options)}{contract.comment(file, path + (2, index))}"
                   + (f'<p class="facts"><span>{found}</span></p>' if found else "") + "</td></tr>")
        yield "</table>"


def page(contract):
    services = [(f, i) for f in contract.files for i in range(len(f.service))]
    services.sort(key=lambda entry: (not entry[0].name.startswith("clinic/v"), entry[0].name))
    yield "<!doctype html><html lang=en><meta charset=utf-8>"
    yield '<meta name=viewport content="width=device-width"><title>Clinic RPC: contracts</title>'
    yield f"<style>{STYLE}</style><nav><strong>Clinic RPC</strong><h2>Services</h2>"
    for file, index in services:
        described = file.service[index]
        name = f"{file.package}.{described.name}"
        yield f'<a href="#{name}">{described.name}</a>'
        for method in described.method:
            yield f'<a class="method" href="#{name}.{method.name}">{method.name}</a>'
    yield "<h2>Messages</h2>"
    for file in contract.files:
        yield f'<a href="#{file.name}">{file.name}</a>'
    yield "</nav><main><h1>Contract reference</h1><p>Every service, method, message and field, from "
    yield "the comments and options of the contracts. How to call them is in README.md.</p>"
    for file, index in services:
        yield from service(contract, file, index)
    for file in contract.files:
        yield f'<h2 id="{file.name}">{file.name}</h2>' + contract.comment(file, (2,))
        for path, name, described in contract.types(file):
            yield from message(contract, file, path, name, described)
    yield "</main></html>"


def main(descriptors):
    with open(descriptors, "rb") as file:
        found = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    sys.stdout.write("\n".join(page(Contract(found.file))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
