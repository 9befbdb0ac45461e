"""What scenarios hold: people, the car, the head unit as it can be observed."""
