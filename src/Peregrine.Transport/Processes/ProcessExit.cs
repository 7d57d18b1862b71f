using System.Globalization;

namespace Peregrine.Transport.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="Code">Its exit code; null where a signal ended it or the code is unknown.</param>
/// <param name="Signal">The signal that ended it; null where it exited by itself.</param>
public readonly record struct ProcessExit(int? Code, int? Signal)
{
    /// <inheritdoc/>
    public override string ToString() => (Code, Signal) switch
    {
        ({ } code, _) => string.Create(CultureInfo.InvariantCulture, $"exited with code {code}"),
        (_, { } signal) => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}"),
        _ => "ended in an unknown way",
    };
}
