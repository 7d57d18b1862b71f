using Microsoft.Extensions.Logging;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Switches;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Once;

/// <summary>What all keyed calls of a server share. Thread-safe.</summary>
internal sealed class OnceCalls(PeregrineServer server, ICallLedger ledger, RuntimeSwitch isOn)
{
    private int _full;

    internal PeregrineServer Server => server;

    internal ICallLedger Ledger => ledger;

    internal OnceOptions Options => server.Options.Once;

    internal TimeProvider Time => server.Options.TimeProvider;

    internal bool IsOn => isOn.IsOn;

    internal ILogger Logger { get; } = server.Loggers.CreateLogger("Peregrine.Server.Once");

    internal CallStep StepFor(McpToolHandler tool) => new OnceStep(this);

    /// <summary>Tells the log when keys begin and cease to be refused; not of each.</summary>
    internal void NoteFull(bool full)
    {
        if (Volatile.Read(ref _full) == (full ? 1 : 0) || Interlocked.Exchange(ref _full, full ? 1 : 0) == (full ? 1 : 0))
        {
            return;
        }

        if (full)
        {
            OnceLog.Full(Logger);
        }
        else
        {
            OnceLog.TakesKeys(Logger);
        }
    }
}
