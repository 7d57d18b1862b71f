using Peregrine.Execution.Journal;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

public sealed class OsJournalRecordStoreTests : RecordStoreContract
{
    protected override StoresUnderTest Open() => new JournalStoresUnderTest(JournalPolicy.Os);
}
