using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Tests.Stores.Contracts;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>Stores in a journal: on the real disk, or in files in memory.</summary>
public sealed class JournalStoresUnderTest : StoresUnderTest
{
    private readonly JournalOptions _options;
    private readonly SimpleFiles? _files;
    private JournalStores _stores;

    internal JournalStoresUnderTest(JournalPolicy policy, SimpleFiles? files = null, Func<JournalOptions, JournalOptions>? change = null)
    {
        _files = files;
        _options = new JournalOptions { Folder = Path.Combine(Path.GetTempPath(), "peregrine-journal-" + Guid.NewGuid().ToString("N")), Policy = policy };
        _options = change?.Invoke(_options) ?? _options;
        _stores = OpenStores();
    }

    public override ICallLedger Ledger => _stores.Ledger;

    public override IRecordStore Records => _stores.Records;

    public override IEventLog Events => _stores.Events;

    public override ICounterStore Counters => _stores.Counters;

    public override bool Survives => true;

    internal JournalStores Stores => _stores;

    internal string Folder => _options.Folder;

    public override async ValueTask RestartAsync()
    {
        // What counts is written already; closing adds nothing to it.
        await _stores.DisposeAsync();
        _stores = OpenStores();
    }

    public override async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        if (Directory.Exists(_options.Folder))
        {
            Directory.Delete(_options.Folder, recursive: true);
        }
    }

    private JournalStores OpenStores() => _files is null ? JournalStores.Open(_options, time: Time)
        : JournalStores.Open(_files, _options, ThreadPoolScheduler.Instance, Time, NullLogger.Instance, static () => Guid.NewGuid().ToString());
}
