"""Files of what people said: transcripts, notes and chats, each as conversations."""
