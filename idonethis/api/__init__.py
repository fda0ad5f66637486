"""What programs may ask and do: the same as on the pages, at ``/api/v2/``, described by
``/api/v2/openapi.json``. Nothing of it is loaded before a program asks."""
