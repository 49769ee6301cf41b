"""What keeps every open page current: topics, rooms, frames."""
