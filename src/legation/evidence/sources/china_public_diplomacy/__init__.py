"""Source: China's Public Diplomacy Dashboard Dataset."""
