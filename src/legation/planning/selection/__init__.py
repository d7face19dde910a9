"""Choose missions under budgets and rules without months: local search, core problems and proven bounds."""
