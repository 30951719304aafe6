"""What schemathesis cannot know: who asks, and which things are there. Counts and judges every call."""

import json
import os
import random
import re
import time
from collections import defaultdict
from datetime import date, timedelta

import requests
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

TOLD = json.loads(os.environ["FUZZ"])  # url, key, calls, out, seed, people: [{token, sandbox, now, person}]
PEOPLE = TOLD["people"]
CALLS, BREAKS = [open(f"{TOLD['out']}/{name}.ndjson", "a") for name in ("calls", "breaks")]
DOCUMENT = requests.get(TOLD["url"] + "/openapi.json", timeout=60).json()
CHANCE = random.Random(TOLD["seed"])
CHECKS = [checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]
ENDS = "close|end-|revoke|rotate|remove|disable|departure|decline"  # acts after which little can be done
rows = defaultdict(dict)  # (person, address of a list) -> id -> the thing as it was seen last
allowed = defaultdict(list)  # address of an act -> (person, id) of who may do it now, to what
asking = {}  # id of a call -> person


def ask(method, path, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"look-{time.time_ns()}"}
    answer = requests.request(method, TOLD["url"] + path, headers=headers, json=body, timeout=60)
    return answer.json() if answer.ok else {}


OWN = ask("GET", "/v1/session", TOLD["key"])["principal"]  # without its own key nothing goes on


def note(person, address, row):
    """Keeps what was seen of a thing, and what may be done to it."""
    name, known = row.get("id", str(row)), rows[person, address]
    known[name] = {**known.get(name, {}), **row}
    for act in row.get("actions") or []:
        if act["allowed"]:
            allowed[re.sub("/[^/]+/([^/]+)$", r"/{id}/\1", act["href"])].append((person, name))


def look_around():
    paths = DOCUMENT["paths"]
    lists = [path for path, ways in paths.items() if "{" not in path and "pageToken" in str(ways.get("get"))]
    for person, who in enumerate(PEOPLE):
        for path in [*lists, "/v1/session/devices"]:
            for row in ask("GET", path, who["token"]).get("data", []):
                note(person, path, row)
            some = sorted(rows[person, path], key=lambda _: CHANCE.random())[:4]
            for one in some if path + "/{id}/entries" in paths else []:
                note(person, path, ask("GET", f"{path}/{one}?include=actions", who["token"]))
        feed = ask("POST", "/v1/calendar-feeds", who["token"], {"of": "me"})
        note(person, "/calendar", {"token": re.sub(r".*/|\.ics", "", feed.get("address", "none"))})
    for code in paths["/v1/programmes"]["post"]["x-problems"]:
        note(0, "/problems", {"code": code})


def fitting(schema, value, person):
    """The generated value with ids of things that are there, days that have come, and examples."""
    schema = DOCUMENT["components"]["schemas"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    if isinstance(value, dict):
        return {name: fitting(schema.get("properties", {}).get(name, {}), one, person) for name, one in value.items()}
    if isinstance(value, list):
        return [fitting(schema.get("items", {}), one, person) for one in value]
    if not isinstance(value, str) or CHANCE.random() < 0.05:
        return value
    if schema.get("format") == "date":
        return str(date.fromisoformat(PEOPLE[person]["now"][:10]) - timedelta(days=max(0, CHANCE.randrange(-40, 20))))
    kinds = re.findall(r"(?:prefix|or) ([a-z]{3})\b", schema.get("description", ""))
    there = kinds and [one for (who, _), seen in rows.items() if who == person for one in seen if one[:3] in kinds]
    return CHANCE.choice(there or [*schema.get("examples", []), value])


def chosen(path):
    """Who asks, and about what: most often somebody who may, about a thing that is there."""
    if allowed[path] and CHANCE.random() < 0.7:
        return CHANCE.choice(allowed[path])
    address = path.split("/{")[0]
    person = CHANCE.choice([one for one in range(len(PEOPLE)) if rows[one, address]] or range(len(PEOPLE)))
    return person, CHANCE.choice(sorted(rows[person, address]) or [""])


@schemathesis.hook
def before_call(_context, case, _kwargs):
    if not rows:
        look_around()
    path, operation = case.operation.path, case.operation.definition.raw
    is_wrong = case._meta.is_negative_at
    person, name = chosen(path)
    asking[case.id], who, thing = person, PEOPLE[person], rows[person, path.split("/{")[0]].get(name, {})
    if not is_wrong(ParameterLocation.PATH) and CHANCE.random() < (0.1 if case.method == "DELETE" else 0.95):
        case.path_parameters = {one: thing.get(one, old) for one, old in (case.path_parameters or {}).items()}
    if not is_wrong(ParameterLocation.HEADER):
        names = [one.get("name") for one in operation.get("parameters", []) if case.method == "POST"]
        if "Idempotency-Key" in names and CHANCE.random() < 0.97:
            case.headers["Idempotency-Key"] = f"fuzz-{time.time_ns()}"
        if "If-Match" in names and "version" in thing and CHANCE.random() < 0.97:
            case.headers["If-Match"] = f'"{thing["version"]}"'
        if "Perennial-Dry-Run" in names and re.search(ENDS, path) and (name == OWN or CHANCE.random() < 0.9):
            case.headers["Perennial-Dry-Run"] = "true"
    if case.method == "DELETE" and "session" in path:  # whoever ends a session has one to spare
        body = {"person": who["person"]}
        who = {**who, **ask("POST", f"/v1/sandboxes/{who['sandbox']}/act-as", TOLD["key"], body)}
    if operation.get("security") and CHANCE.random() > 0.3 * is_wrong(ParameterLocation.HEADER):
        case.headers["Authorization"] = f"Bearer {who['token']}"
    if not is_wrong(ParameterLocation.BODY) and isinstance(case.body, dict):
        content = operation["requestBody"]["content"].get("application/json", {})
        case.body = fitting(content.get("schema", {}), case.body, person)
        if path.endswith("/advance"):
            case.body = CHANCE.choice([{"by": "PT1H"}, {"until": "next"}, {"to": who["now"]}])


def breaks_of(case, response, body):
    """How an answer departs from the document. One that says when to come back is no fault."""
    if response.status_code == 503 and "retry-after" in response.headers:
        return []
    found = ["server error"] if response.status_code >= 500 else []
    template = re.sub(r"\{\w+\}", "[^/]+", case.operation.path)
    if not re.fullmatch(template, response.request.url[len(TOLD["url"]) :].split("?")[0]):
        return found  # an empty id makes another address
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        found += [f"{one.title}: {one.message[:1000]}" for one in group.exceptions]
    if response.status_code < 400 or case.method.lower() != case.operation.method.lower():
        return found
    codes = [one.get("code") for one in [body, *body.get("refusals", [])]]
    return found + [f"{one} is not listed" for one in codes if one not in case.operation.definition.raw["x-problems"]]


@schemathesis.hook
def after_call(_context, case, response):
    try:
        body = json.loads(response.content)
    except ValueError:
        body = {}
    call = [case.method, case.operation.path, response.status_code, body.get("code")]
    found = breaks_of(case, response, body)
    print(json.dumps(call), file=CALLS, flush=True)
    if found:
        sent = [response.request.url, repr(response.request.body)[:3000], repr(response.content)[:3000]]
        print(json.dumps({"call": call, "what": found, "sent": sent}), file=BREAKS, flush=True)
    seen, who = body.get("current") or body, asking[case.id]
    if case.method == "POST" and isinstance(seen, dict) and "self" in seen.get("links", {}):
        address = seen["links"]["self"]
        note(who, address.rsplit("/", 1)[0], {**seen, **ask("GET", address + "?include=actions", PEOPLE[who]["token"])})
    if len(asking) == TOLD["calls"]:
        os._exit(0)
