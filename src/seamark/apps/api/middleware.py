"""Whatever goes wrong below `/api/` is told in the API's own shape, also where no route was found."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

Answer = Callable[[HttpRequest], HttpResponse]


def problems(get_response: Answer) -> Answer:
    """Pages that tell of errors become `{code, message, details}`."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_told = response.headers.get("Content-Type", "").startswith("application/")
        if response.status_code < 400 or is_told or not request.path.startswith("/api/"):
            return response
        status = HTTPStatus(response.status_code)
        code = status.name.lower().replace("_", "-")
        told = {"code": code, "message": status.description or status.phrase, "details": []}
        headers = {name: value for name, value in response.headers.items() if name in ("Allow", "Retry-After")}
        return JsonResponse(told, status=status, headers=headers)

    return answer
