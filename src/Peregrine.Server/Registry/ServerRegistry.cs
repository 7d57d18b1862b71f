namespace Peregrine.Server.Registry;

/// <summary>The registry at run time: one immutable snapshot, read without a lock, replaced as a whole. Thread-safe.</summary>
internal sealed class ServerRegistry
{
    private readonly Lock _gate = new();
    private readonly ServerIdentity _identity;
    private readonly TimeSpan _listTimeToLive;
    private volatile RegistrySnapshot _current;

    internal ServerRegistry(RegistryContents contents, ServerIdentity identity, TimeSpan listTimeToLive)
    {
        _identity = identity;
        _listTimeToLive = listTimeToLive;
        _current = new RegistrySnapshot(contents, identity, listTimeToLive);
    }

    /// <summary>Called after each change, in order, with the lists it touched; not under a lock that readers take.</summary>
    internal event Action<RegistryChange>? Changed;

    internal RegistrySnapshot Current => _current;

    /// <summary>Replaces the contents. A request that began before goes on with what it saw.</summary>
    /// <param name="change">Makes new contents of old ones; must not keep or change the old. Its exception leaves the registry as it was.</param>
    internal void Update(Func<RegistryContents, RegistryContents> change)
    {
        lock (_gate)
        {
            var old = _current.Contents;
            var contents = change(old);
            var touched = contents.Tools == old.Tools ? RegistryChange.None : RegistryChange.Tools;
            if (touched == RegistryChange.None)
            {
                return;
            }

            _current = new RegistrySnapshot(contents, _identity, _listTimeToLive);
            Changed?.Invoke(touched);
        }
    }
}
