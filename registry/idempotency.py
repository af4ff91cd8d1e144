"""`Idempotency-Key`: a POST that is sent again does its work once, and is answered as it was the first time.

The header follows the IETF draft "The Idempotency-Key HTTP Header Field". Every POST of the API takes it, but for those
whose answer is a secret. An answer is kept for a day; only success is kept, so what was refused may be sent again under
the same key. A server that is ended between doing the work and noting the answer forgets that it did: for what must
hold then too, runs have `request_id` and edits `op_id`.
"""

import hashlib
import json
from typing import Any

from django.http import QueryDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.models import KeptAnswer, User
from registry.problems import Problem
from registry.services.idempotency import answer_claim, answer_keep, answer_release

HEADER = "Idempotency-Key"
KEY_LIMIT = 255


class Again(Exception):
    """The request was answered before."""

    def __init__(self, kept: KeptAnswer) -> None:
        self.kept = kept


class IdempotentAPI(APIView):
    """Base of views whose POSTs may be sent twice. Subclasses call `claim` when the request may be answered."""

    idempotent = True
    """False where the answer must not be kept."""
    _claimed: KeptAnswer | None = None

    def claim(self, request: Request, user: User) -> None:
        """Raises Again, and Problem when the key is no key, is taken by another request, or is being answered."""
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not self.idempotent:
            return
        if not (0 < len(key) <= KEY_LIMIT and key.isascii() and key.isprintable()):
            raise Problem(400, "invalid_key", f"{HEADER} has 1 to {KEY_LIMIT} printable ASCII characters; use a UUID.")
        kept, mine = answer_claim(user=user, key=key, digest=request_digest(request))
        if not mine:
            raise Again(kept)
        self._claimed = kept

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, Again):
            body = json.loads(error.kept.body)
            return Response(body, status=error.kept.status, headers={"Idempotency-Replayed": "true"})
        self._release()
        return super().handle_exception(error)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._claimed is not None:
            if isinstance(answer, Response) and answer.status_code < 300:
                body = JSONRenderer().render(answer.data).decode()
                answer_keep(kept=self._claimed, status=answer.status_code, body=body or "null")
            else:
                self._release()
        return answer

    def _release(self) -> None:
        if self._claimed is not None:
            answer_release(kept=self._claimed)
            self._claimed = None


def request_digest(request: Request) -> str:
    """SHA-256 over the address and the body as it was understood: two spellings of one JSON document are the same.

    Raises what parsing raises.
    """
    digest = hashlib.sha256(request.get_full_path().encode())
    data = request.data
    files: Any = request.FILES
    if isinstance(data, QueryDict):
        data = {name: data.getlist(name) for name in data if name not in files}
    digest.update(json.dumps(data, sort_keys=True, default=str).encode())
    for name in sorted(files):
        for file in files.getlist(name):
            digest.update(f"\n{name} {file.name} {file.size}\n".encode())
            for block in file.chunks():
                digest.update(block)
            file.seek(0)
    return digest.hexdigest()
