using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Stores;

public sealed class MemoryCallLedgerTests : CallLedgerContract
{
    protected override StoresUnderTest Open() => new MemoryStoresUnderTest();
}
