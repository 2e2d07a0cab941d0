"""`reglo demo`: un dossier joué de la facture à la décision du créancier, sur une horloge avancée, sans navigateur.

The same deployed functions and state machine as `reglo up`, in an engine and a data folder of their own. People's rungs are answered
by a plausible script.
"""

import argparse
import shutil
import socket
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from infra import generate
from infra.commands import verify
from infra.local import people, stack
from infra.local.running import Engine, EngineFailed
from recovery.days import add_months, morning, today
from recovery.french import euros, plural, short_day, weekday_day

LONGEST = 130  # days; the ladder takes 63, and each rung done by a person may take a few more
REPORTS = {"first_call": "no_answer", "last_call": "talked", "visit": "done"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--invoice", type=Path, required=True, metavar="FICHIER", help="la facture, PDF ou XML")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DOSSIER", help="où laisser lettres (.pdf), e-mails (.eml) et journal (.zip)"
    )
    parser.add_argument(
        "--paid-on", type=int, default=None, metavar="JOUR", help="le client paie tout ce jour-là, compté depuis l’ouverture"
    )


def run(args: argparse.Namespace) -> int:
    if not args.invoice.is_file():
        print(f"{args.invoice} n’existe pas.", file=sys.stderr)
        return 1
    args.out.mkdir(parents=True, exist_ok=True)
    data = Path(tempfile.mkdtemp(prefix="reglo-demo-"))
    engine = Engine(data, port=free_port(), aws_port=free_port())
    try:
        tell("démarrage du moteur et déploiement")
        generate.main()
        engine.start()
        stack.deployed(engine)
        case = play(engine, args.invoice, args.paid_on)
        keep(engine, args.out, case)
        return 0
    except people.Refused as refused:
        print(f"\nLe produit refuse : {refused.problem.get('title', refused)}", file=sys.stderr)
        for error in refused.problem.get("errors", []):
            print(f"  {error['field']} : {error['message']}", file=sys.stderr)
        if refused.status >= 500:
            print(f"Le journal du moteur : {engine.log}", file=sys.stderr)
            data = Path()  # a fault of ours: kept, to be read
        return 1
    except (EngineFailed, TimeoutError) as failure:
        print(f"\nLa démonstration s’arrête : {failure}\nLe journal du moteur : {engine.log}", file=sys.stderr)
        data = Path()  # kept, to be read
        return 1
    finally:
        engine.stop()
        if data != Path():
            shutil.rmtree(data, ignore_errors=True)


def play(engine: Engine, invoice: Path, paid_on: int | None) -> dict[str, Any]:
    """The case as the creditor sees it at the end, with its log."""
    tell("la facture est déposée et lue")
    handed = people.drop(engine, invoice)
    people.check(handed, plausible(engine))
    tell("le mandat est accepté, l’adresse confirmée")
    if people.accept(handed, handed.fields["signatory_name"], handed.fields["signatory_role"]) == "waiting_agency":
        tell("l’agence vérifie le créancier")
    staff = people.Browser(engine)
    staff.sign_in(people.STAFF)
    if any(waiting["ref"] == handed.ref for waiting in staff.ask("GET", "/api/desk")["submissions"]):
        people.approve_creditor(staff, handed)
    opened = today_of(engine)
    creditor = handed.browser
    view = people.until(lambda: seen(creditor, handed.ref), "the case")
    while (today_of(engine) - opened).days <= LONGEST:
        days = (today_of(engine) - opened).days
        tell(f"jour {days} · {short_day(today_of(engine))} · {view['past'][0]['title'] if view['past'] else ''}")
        if paid_on is not None and days >= paid_on:
            payment = {"amount": view["statement"]["balance"], "on": today_of(engine).isoformat(), "means": "transfer"}
            staff.ask("POST", f"/api/cases/{handed.ref}/payments", payment)
        else:
            answer_tasks(staff, handed.ref, engine)
            if creditor.ask("GET", f"/api/cases/{handed.ref}").get("ask"):
                creditor.ask("POST", f"/api/cases/{handed.ref}/decision", {"choice": "legal"})
        engine.clock(advance=1)  # whatever that set off is done
        view = creditor.ask("GET", f"/api/cases/{handed.ref}")
        if view["status"] in ("closed", "handed_over"):
            break
        engine.clock(advance=until_work(engine, view, opened, paid_on))
        view = creditor.ask("GET", f"/api/cases/{handed.ref}")
    tell("")
    exported = creditor.ask("POST", f"/api/cases/{handed.ref}/export", {})
    log = httpx.get(exported["link"], timeout=60, trust_env=False).raise_for_status().content
    return {"view": view, "log": log, "log_name": exported["name"], "opened": opened, "corrected": handed.corrected, "file": invoice.name}


def until_work(engine: Engine, view: dict[str, Any], opened: date, paid_on: int | None) -> float:
    """Seconds until ten in the morning of the next dated step, or of the day the debtor pays; tomorrow when nothing is dated."""
    now = moment_of(engine)
    tomorrow = today(now) + timedelta(days=1)
    dated = [date.fromisoformat(step["on"]) for step in view["future"]]
    if paid_on is not None:
        dated.append(opened + timedelta(days=paid_on))
    day = min((on for on in dated if on >= tomorrow), default=tomorrow)
    return (morning(day) + timedelta(hours=1) - now).total_seconds()


def plausible(engine: Engine) -> dict[str, str]:
    """What a creditor would type where the invoice does not tell, or where the sample holds an impossible value."""
    now = today_of(engine)
    return {
        "creditor_name": "Atelier Berthelot SARL",
        "creditor_siren": "123456782",
        "creditor_line1": "22 quai de la Fosse",
        "creditor_postcode": "44000",
        "creditor_city": "Nantes",
        "creditor_iban": "FR1420041010050500013M02606",
        "creditor_email": people.CREDITOR,
        "signatory_name": "Camille Berthelot",
        "signatory_role": "gérante",
        "debtor_kind": "business",
        "debtor_name": "Brasserie des Halles SAS",
        "debtor_siren": "880878145",
        "debtor_line1": "8 place des Lices",
        "debtor_postcode": "35000",
        "debtor_city": "Rennes",
        "debtor_country": "FR",
        "debtor_email": "compta@debiteur.example",
        "number": "F-DEMO-1",
        "issued": add_months(now, -3).isoformat(),
        "due": add_months(now, -2).isoformat(),
        "amount": "1250.00",
        "kind": "service",
        "interest": "yes",
        "still_due": "yes",
        "still_ours": "yes",
    }


def answer_tasks(staff: people.Browser, ref: str, engine: Engine) -> None:
    """What waits for a person of the agency on this case."""
    for task in staff.ask("GET", "/api/desk")["tasks"]:
        if task["case"] != ref:
            continue
        step = task["step"]
        if task["kind"] in ("call", "visit"):
            report = {"outcome": REPORTS.get(step, "talked"), "note": "Standard joint, message laissé : rappel demandé."}
            staff.ask("POST", f"/api/cases/{ref}/steps/{step}/report", report)
        elif task["kind"] == "approve":
            staff.ask("POST", f"/api/cases/{ref}/steps/{step}/approve", {})
        elif task["kind"] == "post":
            staff.ask("POST", f"/api/cases/{ref}/letters/{step}/posted", {"on": today_of(engine).isoformat(), "number": None})


def keep(engine: Engine, out: Path, case: dict[str, Any]) -> None:
    """Leaves the letters, the e-mails and the log in `out`, and prints one screen."""
    view, opened = case["view"], case["opened"]
    s3, bucket = engine.client("s3"), engine.outputs()["DocumentsBucket"]
    letters = sorted(s3.list_objects_v2(Bucket=bucket, Prefix="post/").get("Contents", []), key=lambda found: found["LastModified"])
    for n, letter in enumerate(letters, 1):
        name = f"{n:02}-{Path(letter['Key']).name}"
        (out / name).write_bytes(s3.get_object(Bucket=bucket, Key=letter["Key"])["Body"].read())
    mails = [
        mail for mail in people.mails(engine) if people.STAFF not in str(mail["to"])
    ]  # sign-in links of the agency say nothing of the case
    for n, mail in enumerate(mails, 1):
        (out / f"e-mail-{n:02}.eml").write_bytes(mail.as_bytes())
    log = out / case["log_name"]
    log.write_bytes(case["log"])
    print(f"Dossier {view['ref']}, facture {case['file']}, {view['debtor']['name']}")
    if case["corrected"]:
        print(f"Complété ou corrigé par le script : {', '.join(dict.fromkeys(case['corrected']))}")
    print(f"\n{'Jour':<7}{'Date':<26}{'Étape':<46}Document")
    for entry in reversed(view["past"]):
        on = datetime.fromisoformat(entry["at"].replace("Z", "+00:00"))
        proofs = ", ".join(proof["name"] for proof in entry["proofs"])
        print(f"J + {(today(on) - opened).days:<3}{weekday_day(today(on)):<26}{entry['title'].replace(chr(0xA0), ' ')[:44]:<46}{proofs}")
    statement = view["statement"]
    print(
        f"\nRéclamé {money(statement, 'principal')} + {money(statement, 'interest')} de pénalités + {money(statement, 'indemnity')} d’indemnité"
    )
    print(f"Reçu {money(statement, 'paid')}, reste {money(statement, 'balance')}")
    if view.get("remittance"):
        total = view["remittance"]["total"]
        print(f"Commission {money(total, 'fee')} HT + TVA {money(total, 'vat')} ; à reverser {money(total, 'to_remit')}")
    print(f"\n{plural(len(letters), 'lettre')} et {plural(len(mails), 'e-mail')} dans {out}, journal : {log.name}")
    verify.run(argparse.Namespace(export=log, seal=view["seal"], count=view["count"]))


def money(amounts: dict[str, str], name: str) -> str:
    return euros(Decimal(amounts[name]))


def seen(creditor: people.Browser, ref: str) -> dict[str, Any] | None:
    try:
        return creditor.ask("GET", f"/api/cases/{ref}")  # type: ignore[no-any-return]
    except people.Refused as refused:
        if refused.status not in (401, 403, 404):
            raise
        return None


def moment_of(engine: Engine) -> datetime:
    return datetime.fromisoformat(engine.clock()["now"].replace("Z", "+00:00")).astimezone(UTC)


def today_of(engine: Engine) -> date:
    return today(moment_of(engine))


def tell(words: str) -> None:
    """One line of progress, rewritten in place; plain lines where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
    elif words:
        print(words, file=sys.stderr, flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
