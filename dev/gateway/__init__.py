"""Our API Gateway: an ASGI app that turns HTTP into events of payload format 2.0, and answers into HTTP.

`Gateway` (app.py) orders the steps; routing.py, events.py, answers.py and cors.py decide from values alone;
authorizer.py checks tokens. What AWS does in front of the integration happens here too: 404, 401, 413, 431, 503.
"""
