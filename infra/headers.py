"""The headers of every page, in one place: the local gateway sends them, and a test compares template.yaml with them."""

YEAR = 365 * 86_400


def security(store: str) -> dict[str, str]:
    """`store` is the origin of the documents bucket: pages upload to it, and show pictures from it."""
    policy = {
        "default-src": "'self'",
        "img-src": f"'self' data: {store}",
        "connect-src": f"'self' {store}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": f"'self' {store}",
        "object-src": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def caching(path: str) -> str:
    """Files under /assets/ bear the hash of their bytes in their name; everything else is asked again."""
    return f"public, max-age={YEAR}, immutable" if path.startswith("/assets/") else "no-cache"
