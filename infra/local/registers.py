"""The public registers on one machine, offline: the three services as functions/adapters/registry.py asks them, from registers.toml.

GET /_local/registres/companies?q=…      « Recherche d’entreprises », /search (recherche-entreprises.api.gouv.fr/docs)
GET /_local/registres/notices?where=…    BODACC, annonces-commerciales (bodacc-datadila.opendatasoft.com, API explore v2.1)
GET /_local/registres/addresses?q=…      géocodage de la Géoplateforme (data.geopf.fr/geocodage): a street called « introuvable » is not there
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]
COMPANIES: list[Json] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["company"]


def routes() -> list[Route]:
    async def asked(request: Request) -> Response:
        said = answer(request.path_params["service"], request.query_params)
        return JSONResponse(said) if said is not None else JSONResponse({"erreur": "question inconnue"}, 404)

    return [Route("/_local/registres/{service}", asked)]


def answer(service: str, question: Mapping[str, str]) -> Json | None:
    """What that service says to that question; `None` for a service nobody knows."""
    known = {"companies": companies, "notices": notices, "addresses": addresses}
    return known[service](question) if service in known else None


def companies(question: Mapping[str, str]) -> Json:
    """Nine digits are one company. Words are names, of those who are shown alone."""
    words = question.get("q", "").upper().split()
    if len(words) == 1 and re.fullmatch(r"\d{9}(\d{5})?", words[0]):
        found = [each for each in COMPANIES if each["siren"] == words[0][:9]]
    else:
        found = [each for each in COMPANIES if each.get("shown", True) and words and all(word in each["name"] for word in words)]
    shown = found[: int(question.get("per_page", 10))]
    return {"results": [company(each) for each in shown], "total_results": len(found), "page": 1, "per_page": 10, "total_pages": 1}


def company(known: Json) -> Json:
    number, kind, name = known.get("street", ["", "", ""])
    postcode, city = known.get("town", ["", ""])
    shown, individual = known.get("shown", True), known["form"].startswith("1")
    state = "C" if "ceased" in known else "A"
    hidden = None if shown else "[NON-DIFFUSIBLE]"
    seat = {
        "siret": known.get("seat", f"{known['siren']}00010"),
        "activite_principale": "47.11F",
        "adresse": hidden or f"{number} {kind} {name} {postcode} {city}",
        "numero_voie": number or None,
        "indice_repetition": None,
        "type_voie": kind or None,
        "libelle_voie": hidden or name or None,
        "complement_adresse": None,
        "code_postal": postcode or None,
        "libelle_commune": hidden or city or None,
        "libelle_cedex": None,
        "etat_administratif": "F" if "ceased" in known else "A",
        "date_creation": known["created"],
        "date_fermeture": known.get("ceased"),
        "est_siege": True,
    }
    finances = {str(known["year"]): {"ca": known["turnover"], "resultat_net": known["result"]}} if "year" in known else None
    return {
        "siren": known["siren"],
        "nom_complet": hidden or known["name"],
        "nom_raison_sociale": None if individual else hidden or known["name"],
        "sigle": None,
        "siege": seat,
        "activite_principale": "47.11F",
        "nature_juridique": known["form"],
        "date_creation": known["created"],
        "date_fermeture": known.get("ceased"),
        "etat_administratif": state,
        "statut_diffusion": "O" if shown else "P",
        "dirigeants": [
            {"nom": "PERSONNE", "prenoms": "QUE NOUS NE GARDONS PAS", "qualite": "Gérant", "type_dirigeant": "personne physique"}
        ],
        "finances": finances,
        "immatriculation": {"date_radiation": known.get("ceased"), "capital_social": known.get("capital")},
        "complements": {"est_association": known["form"].startswith("92"), "est_entrepreneur_individuel": individual},
    }


def notices(question: Mapping[str, str]) -> Json:
    number = re.search(r"\d{9}", question.get("where", ""))
    about = next((each for each in COMPANIES if number and each["siren"] == number[0]), None)
    found = [notice(about, each) for each in about.get("notice", [])] if about else []
    return {"total_count": len(found), "results": sorted(found, key=lambda each: str(each["dateparution"]), reverse=True)}


def notice(about: Json, known: Json) -> Json:
    family, siren = known.get("family", "collective"), about["siren"]
    judgment = {"type": "initial", "famille": known.get("stage"), "nature": known.get("nature"), "date": known.get("judged"), "complementJugement": known.get("text")}  # fmt: skip
    return {
        "id": known["id"],
        "publicationavis": known["id"][0],
        "parution": known["id"][1:9],
        "dateparution": known["published"],
        "numeroannonce": int(known["id"][9:]),
        "typeavis": known.get("status", "annonce"),
        "typeavis_lib": "Avis initial",
        "familleavis": family,
        "familleavis_lib": "Procédures collectives" if family == "collective" else "Radiations",
        "tribunal": known["court"],
        "commercant": about["name"],
        "registre": [siren, f"{siren[:3]} {siren[3:6]} {siren[6:]}"],
        "jugement": json.dumps(judgment, ensure_ascii=False) if family == "collective" else None,
        "parutionavisprecedent": json.dumps(known["before"]) if "before" in known else None,
        "url_complete": f"https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:{known['id']}",
    }


def addresses(question: Mapping[str, str]) -> Json:
    """Whatever has a street, a postcode and a town is there as it was asked."""
    asked = question.get("q", "")
    parts = re.fullmatch(r"(.+?) (\d{5}) (.+)", asked)
    if parts is None or "introuvable" in asked.lower():
        return {"type": "FeatureCollection", "features": [], "query": asked}
    name, postcode, city = parts.groups()
    precise = "housenumber" if re.match(r"\d", name) else "street"
    place = {"label": asked, "score": 0.9641, "name": name, "postcode": postcode, "city": city, "type": precise, "importance": 0.7}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [2.3316, 48.8687]}, "properties": place}
    return {"type": "FeatureCollection", "features": [feature], "query": asked}
