namespace Peregrine.Execution.Scheduling;

/// <summary>What one client has running and waiting. Changed under the lock of its scheduler.</summary>
internal sealed class ClientLine(object key)
{
    internal object Key { get; } = key;

    internal int Running { get; set; }

    internal int Waiting { get; set; }

    /// <summary>For counting while one class is looked through.</summary>
    internal int Counted { get; set; }

    /// <summary>Its waiting calls by tier, in order of arrival.</summary>
    internal LinkedList<WaitingCall>[] Calls { get; } = [new(), new(), new()];

    /// <summary>Its places in the rings of clients that wait, by tier; null where it does not.</summary>
    internal LinkedListNode<ClientLine>?[] Places { get; } = new LinkedListNode<ClientLine>?[3];
}
