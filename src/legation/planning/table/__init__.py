"""The others at the table: how actors with aims of their own may bargain, react and counter. All of it exploratory."""
