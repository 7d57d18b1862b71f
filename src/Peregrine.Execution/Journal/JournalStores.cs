using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Stores;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>
/// The four stores in one journal: append-only files with checksums in a folder of their own. Everything is in memory as well, so reading costs no disk; opening reads the files once.
/// Thread-safe.
/// </summary>
public sealed class JournalStores : IAsyncDisposable, IDisposable
{
    private readonly CommitLog _log;
    private readonly JournalCallLedger _ledger;

    private JournalStores(IJournalFiles files, JournalOptions options, IWorkScheduler scheduler, TimeProvider time, ILogger logger, Func<string> newEpoch)
    {
        var gate = new Lock();
        _ledger = new JournalCallLedger(options.Ledger, time, scheduler);
        var records = new JournalRecordStore(time);
        var events = new JournalEventLog(time, scheduler, gate);
        var counters = new JournalCounterStore(time);
        ICompactable[] stores = [_ledger, records, events, counters];
        var recovered = new JournalRecovery(files, options.Policy, newEpoch, logger).Read(stores);
        _log = new CommitLog(files, options, recovered, stores, gate, scheduler, time, logger) { NextFence = () => _ledger.NextFence };
        _ledger.Attach(_log, recovered.NextFence);
        records.Attach(_log);
        events.Attach(_log);
        counters.Attach(_log);
        WasDamaged = recovered.IsDamaged;
        Records = records;
        Events = events;
        Counters = counters;
    }

    /// <summary>The ledger of keyed calls.</summary>
    public ICallLedger Ledger => _ledger;

    /// <summary>The records.</summary>
    public IRecordStore Records { get; }

    /// <summary>The events.</summary>
    public IEventLog Events { get; }

    /// <summary>The buckets of tokens. What was taken last may be back after a crash.</summary>
    public ICounterStore Counters { get; }

    /// <summary>True where something was missing or damaged when the journal was opened; the ledger's epoch is another one then.</summary>
    public bool WasDamaged { get; }

    /// <summary>True where the journal cannot be written now: new keys are refused.</summary>
    public bool IsFailing => _log.IsFailing;

    /// <summary>What was written since it was opened.</summary>
    public JournalStatistics Statistics => _log.Statistics;

    internal int LedgerCount => _ledger.Count;

    /// <summary>Opens a journal, or begins one. Reads its files.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="scheduler">Who runs the writing, and what waited for it; null for the thread pool and a thread of its own.</param>
    /// <param name="time">Where time comes from; null for the system's.</param>
    /// <param name="logger">Receives what goes wrong; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    /// <exception cref="IOException">Another process has the folder, or it cannot be read.</exception>
    public static JournalStores Open(JournalOptions options, IWorkScheduler? scheduler = null, TimeProvider? time = null, ILogger? logger = null)
    {
        Judge(options);
        var files = new DiskJournalFiles(options.Folder);
        try
        {
            return Open(files, options, scheduler ?? ThreadPoolScheduler.Instance, time ?? TimeProvider.System, logger ?? NullLogger.Instance, static () => Guid.NewGuid().ToString());
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is left to write, and closes the files. No store may be used any more.</summary>
    public ValueTask DisposeAsync() => _log.DisposeAsync();

    /// <summary>The same without waiting for it: what is left is written, and the files are closed, a moment later.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    internal static JournalStores Open(IJournalFiles files, JournalOptions options, IWorkScheduler scheduler, TimeProvider time, ILogger logger, Func<string> newEpoch)
    {
        Judge(options);
        return new JournalStores(files, options, scheduler, time, logger, newEpoch);
    }

    private static void Judge(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }
    }
}
