"""Why a plan is as it is: why in, why out, what one more unit buys, which single fact would change it."""
