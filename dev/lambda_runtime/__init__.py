"""Runs every function in processes of its own through the real runtime client, as Lambda does.

`FunctionPool` (pool.py) is what the gateway, the dispatcher and the scheduler call. Below it,
`FunctionProcess` (process.py) is one execution environment, and `RuntimeApi` (runtime_api.py) the HTTP
server it talks to.
It knows nothing of HTTP routes, queues or schedules.
"""
