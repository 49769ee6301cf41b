"""What routers share: the transaction of a request, problem+json, rate limits, correlation ids."""
