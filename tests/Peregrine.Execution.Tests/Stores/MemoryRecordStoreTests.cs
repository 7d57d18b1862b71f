using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Stores;

public sealed class MemoryRecordStoreTests : RecordStoreContract
{
    protected override StoresUnderTest Open() => new MemoryStoresUnderTest();
}
