namespace Peregrine.Gateway.Configuration;

/// <summary>A place in a file; line and column count from 1, columns in characters.</summary>
internal readonly record struct ConfigPosition(int Line, int Column);
