"""Tout le produit sur cette machine : le site, l’API, les dossiers qui avancent, les courriels retenus."""

import argparse
import contextlib
import errno
import importlib
import importlib.util
import socket
import sys
import threading
import time
from pathlib import Path

from infra.deploy import DeploymentFailed
from infra.local import stack
from infra.local.running import Engine, EngineFailed


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="le port du site (8000) ; le magasin de documents prend le suivant")
    parser.add_argument("--data", type=Path, default=Path("data"), help="le dossier des données (data) : elles survivent à un arrêt")
    parser.add_argument("--day", type=float, default=86_400, metavar="SECONDES", help="la durée d’un jour, en secondes")
    parser.add_argument(
        "--trust-creditors", action="store_true", help="ouvrir les dossiers des créanciers inconnus sans l’accord de l’agence"
    )
    parser.add_argument(
        "--registers",
        choices=("local", "public", "none"),
        default="local",
        help="les registres publics interrogés : fictifs et hors ligne (local), les vrais (public), aucun (none)",
    )


def run(args: argparse.Namespace) -> int:
    began = time.monotonic()
    for port in (args.port, args.port + 1):
        if not free(port):
            print(f"Le port {port} est déjà pris. Choisissez-en un autre : --port {port + 10}", file=sys.stderr)
            return 1
    build_site()
    engine = Engine(args.data.resolve(), port=args.port, aws_port=args.port + 1, day=args.day)
    try:
        engine.start()
        stack.deployed(engine, trust_creditors=args.trust_creditors, registers=args.registers)
        threading.Thread(target=warm, args=(engine,), daemon=True).start()
        print(welcome(engine, time.monotonic() - began), flush=True)
        status = engine.wait()
        print(f"Le moteur s’est arrêté de lui-même (code {status}) ; son journal : {engine.log}", file=sys.stderr)
        return 1
    except (EngineFailed, DeploymentFailed) as failure:
        print(f"Le démarrage a échoué :\n{failure}\nLe journal complet : {engine.log}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nArrêt. Les données restent dans", args.data)
        return 0
    finally:
        engine.stop()


def warm(engine: Engine) -> None:
    """The first request of the API starts its process, which takes a second: not the first visitor's."""
    with contextlib.suppress(OSError):
        engine.ask("/api/agency")


def build_site() -> None:
    if importlib.util.find_spec("infra.generate"):
        importlib.import_module("infra.generate").main()


def welcome(engine: Engine, seconds: float) -> str:
    return f"""
Réglo est prêt ({seconds:.1f} s).

  Déposer une facture     {engine.origin}/deposer
  À faire à l’agence      {engine.origin}/equipe (se connecter avec ines@reglo.example : le lien arrive dans les courriels)
  Courriels et lettres    {engine.origin}/_local/
  Avancer dans le temps   {engine.origin}/_local/horloge

Ctrl-C pour arrêter : les données restent dans {engine.data}.
"""


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            if taken.errno != errno.EADDRINUSE:
                raise
            return False
    return True
