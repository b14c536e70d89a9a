"""Everything at import, as most write it: one function for every route, every SDK and its client made at the top."""

import firebase_admin
import openai
import stripe
from firebase_admin import auth, messaging

from bench.common_stack.lazy import handler as handler

_INVENTED_KEY = "invented"

IMPORTED = (auth, messaging)
firebase = firebase_admin.initialize_app(options={"projectId": "bench"})
chat = openai.AsyncOpenAI(api_key=_INVENTED_KEY)
payments = stripe.StripeClient(_INVENTED_KEY)
