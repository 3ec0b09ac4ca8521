//! Speed-up and its laws: lands with the command.
