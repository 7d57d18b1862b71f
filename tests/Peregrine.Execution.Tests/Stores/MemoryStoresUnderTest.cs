using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Stores;

public sealed class MemoryStoresUnderTest : StoresUnderTest
{
    private MemoryCallLedger _ledger;
    private MemoryRecordStore _records;
    private MemoryEventLog _events;
    private MemoryCounterStore _counters;

    public MemoryStoresUnderTest() => (_ledger, _records, _events, _counters) = Make();

    public override ICallLedger Ledger => _ledger;

    public override IRecordStore Records => _records;

    public override IEventLog Events => _events;

    public override ICounterStore Counters => _counters;

    public override bool Survives => false;

    public override ValueTask RestartAsync()
    {
        (_ledger, _records, _events, _counters) = Make();
        return default;
    }

    public override ValueTask DisposeAsync() => default;

    private (MemoryCallLedger Ledger, MemoryRecordStore Records, MemoryEventLog Events, MemoryCounterStore Counters) Make() =>
        (new MemoryCallLedger(time: Time), new MemoryRecordStore(Time), new MemoryEventLog(Time), new MemoryCounterStore(Time));
}
