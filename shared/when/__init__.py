"""Reading times: what periods a text speaks of, or a question asks for, in English and Portuguese.

Pure: no clock, no database, no network. What is not understood with confidence is no time (docs/adr/0025).
"""
