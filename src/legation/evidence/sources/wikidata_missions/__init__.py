"""Source: Diplomatic and consular missions in Wikidata."""
