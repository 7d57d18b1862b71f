using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Stores;

public sealed class MemoryEventLogTests : EventLogContract
{
    protected override StoresUnderTest Open() => new MemoryStoresUnderTest();
}
