namespace Peregrine.Load.Driving.Polling;

/// <summary>Something is ready.</summary>
/// <param name="Token">Which.</param>
/// <param name="CanRead">It can be read, or has ended.</param>
/// <param name="CanWrite">It can be written, or has failed.</param>
internal readonly record struct PollEvent(int Token, bool CanRead, bool CanWrite);
