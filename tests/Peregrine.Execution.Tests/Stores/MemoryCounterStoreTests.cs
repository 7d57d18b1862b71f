using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Stores;

public sealed class MemoryCounterStoreTests : CounterStoreContract
{
    protected override StoresUnderTest Open() => new MemoryStoresUnderTest();
}
