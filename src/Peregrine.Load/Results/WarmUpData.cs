namespace Peregrine.Load.Results;

/// <summary>What came before the measurement.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="IsSettled">True where three seconds in a row agreed; null where a fixed time was asked for.</param>
public sealed record WarmUpData(double Seconds, bool? IsSettled);
