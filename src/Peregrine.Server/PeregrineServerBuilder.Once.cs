using Microsoft.Extensions.Logging;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Stores;
using Peregrine.Server.Once;

namespace Peregrine.Server;

// Where the ledger of keyed calls is kept.
public sealed partial class PeregrineServerBuilder
{
    private ICallLedger? _ledger;
    private JournalOptions? _journal;

    /// <summary>Changes how calls with a key are run once.</summary>
    public PeregrineServerBuilder UseLedger(Func<OnceOptions, OnceOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Configure(options => options with { Once = change(options.Once) });
    }

    /// <summary>Keeps the keys of calls in a ledger of the caller's. Default: in memory.</summary>
    /// <param name="ledger">The ledger; it must outlive the server, which does not close it.</param>
    public PeregrineServerBuilder UseLedger(ICallLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        _ledger = ledger;
        _journal = null;
        return this;
    }

    /// <summary>
    /// Keeps the keys of calls in a journal, so that they survive the process. It is opened when the server is built, and closes with the process; to close it before, open
    /// <see cref="JournalStores"/> and hand its ledger over.
    /// </summary>
    public PeregrineServerBuilder UseJournal(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _journal = options;
        _ledger = null;
        return this;
    }

    /// <summary>Keeps the keys of calls in a journal in <paramref name="folder"/>.</summary>
    /// <inheritdoc cref="UseJournal(JournalOptions)"/>
    public PeregrineServerBuilder UseJournal(string folder, JournalPolicy policy = JournalPolicy.Os) => UseJournal(new JournalOptions { Folder = folder, Policy = policy });

    /// <summary>Takes the ledger from the services, when the server is built.</summary>
    internal PeregrineServerBuilder UseLedger(Func<IServiceProvider, ICallLedger> ledger) => UseLedger(ledger(_services!));

    private ICallLedger? OpenLedger() => _journal is null ? _ledger
        : JournalStores.Open(_journal, _scheduler, _options.TimeProvider, _loggers?.CreateLogger("Peregrine.Execution.Journal")).Ledger;
}
