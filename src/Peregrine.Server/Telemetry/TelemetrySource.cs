namespace Peregrine.Server.Telemetry;

/// <summary>
/// Under which name requests are reported. The instruments are made at the first look: it loads the runtime's event sources for metrics and traces, which would be the largest part of a small server's
/// start (docs/performance.md, "Start"). Listeners are told of an instrument whenever it is made. One for each name in a process. Thread-safe.
/// </summary>
/// <param name="name">The name that listeners ask for.</param>
internal sealed class TelemetrySource(string name)
{
    private readonly Lock _gate = new();
    private TelemetryInstruments? _instruments;

    /// <summary>That of servers.</summary>
    internal static TelemetrySource Server { get; } = new(TelemetryNames.Source);

    /// <summary>True once the instruments are made: before that nobody can listen to them.</summary>
    internal bool IsMade => Volatile.Read(ref _instruments) is not null;

    /// <summary>What requests are reported with. Takes milliseconds the first time.</summary>
    internal TelemetryInstruments Instruments => Volatile.Read(ref _instruments) ?? Make();

    /// <summary>Makes the instruments where they are not made yet.</summary>
    internal void Prepare() => _ = Instruments;

    private TelemetryInstruments Make()
    {
        // Under a lock, so that no listener is ever told of an instrument that nothing is recorded with.
        lock (_gate)
        {
            if (_instruments is null)
            {
                Volatile.Write(ref _instruments, new TelemetryInstruments(name));
            }

            return _instruments!;
        }
    }
}
