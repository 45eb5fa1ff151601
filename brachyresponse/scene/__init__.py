"""What the library reads from the MRML scene and writes into it: nodes in, library types out, and back."""
