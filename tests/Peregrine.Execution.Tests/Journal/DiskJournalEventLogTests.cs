using Peregrine.Execution.Journal;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

public sealed class DiskJournalEventLogTests : EventLogContract
{
    protected override StoresUnderTest Open() => new JournalStoresUnderTest(JournalPolicy.Disk);
}
