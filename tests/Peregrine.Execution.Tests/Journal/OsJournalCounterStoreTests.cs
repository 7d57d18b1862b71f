using Peregrine.Execution.Journal;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

public sealed class OsJournalCounterStoreTests : CounterStoreContract
{
    protected override StoresUnderTest Open() => new JournalStoresUnderTest(JournalPolicy.Os);
}
