using Microsoft.Extensions.Logging;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server;

// What clients are told of changes.
public sealed partial class PeregrineServer : IChangeSource
{
    private readonly SubscriptionHub _hub;
    private readonly ChangeGatherer _gatherer;
    private readonly SubscriptionsFeature _subscriptions;

    private event Action<RegistryChange>? ListsChanged;

    private event Action<string>? ResourceUpdated;

    /// <inheritdoc/>
    event Action<RegistryChange>? IChangeSource.ListsChanged
    {
        add => ListsChanged += value;
        remove => ListsChanged -= value;
    }

    /// <inheritdoc/>
    event Action<string>? IChangeSource.ResourceUpdated
    {
        add => ResourceUpdated += value;
        remove => ResourceUpdated -= value;
    }

    /// <summary>Streams of <c>subscriptions/listen</c> that are open.</summary>
    public int OpenSubscriptions => _hub.Streams;

    /// <summary>
    /// Tells the clients that have subscribed to a resource that it was updated: those who listen for it (stateless era) and the sessions that have subscribed. Returns at once; a client that is
    /// behind is told once of many updates.
    /// </summary>
    /// <param name="uri">The resource's URI, exactly as clients subscribe to it.</param>
    public void NotifyResourceUpdated(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        _hub.PublishUpdated(uri);
        ResourceUpdated?.Invoke(uri);
    }

    /// <summary>
    /// Tells clients that <c>tools/list</c> has changed. Not needed after a change of <see cref="Tools"/>, which is told by itself. Changes in quick succession are told once
    /// (<see cref="SubscriptionOptions.GatherTime"/>).
    /// </summary>
    public void NotifyToolsChanged() => NoteLists(RegistryChange.Tools);

    /// <summary>Tells clients that <c>prompts/list</c> has changed, where the server has prompts: for lists that are made on demand.</summary>
    public void NotifyPromptsChanged() => NoteLists(RegistryChange.Prompts);

    /// <summary>Tells clients that <c>resources/list</c> or <c>resources/templates/list</c> has changed, where the server has resources: for lists that are made on demand.</summary>
    public void NotifyResourcesChanged() => NoteLists(RegistryChange.Resources);

    /// <summary>
    /// Ends every open stream of <c>subscriptions/listen</c>, as a server does that shuts down: each client is sent what is pending and that the stream has ended. New ones are refused with
    /// error 4006 from then on.
    /// </summary>
    /// <param name="cancellationToken">Cuts off the clients that have not taken their end by then.</param>
    /// <returns>Ends when all streams have.</returns>
    public Task CloseSubscriptionsAsync(CancellationToken cancellationToken = default) => _hub.EndAllAsync(cancellationToken);

    /// <inheritdoc/>
    void ISessionResponder.OnInitialized(PeregrineSession session) => _subscriptions.OnInitialized(session);

    /// <inheritdoc/>
    void ISessionResponder.OnRevived(PeregrineSession session) => _subscriptions.OnRevived(session);

    private void NoteLists(RegistryChange change)
    {
        _gatherer.Add(change);
        ListsChanged?.Invoke(change);
    }

    private (SubscriptionHub Hub, ChangeGatherer Gatherer, SubscriptionsFeature Feature) CreateEvents(IServerFeature[] features)
    {
        var hub = new SubscriptionHub(Options.Subscriptions, Identity.Info, Scheduler, Options.TimeProvider, Loggers.CreateLogger("Peregrine.Server.Subscriptions"));
        var gatherer = new ChangeGatherer(hub, Scheduler, Options.TimeProvider);
        Registry.Changed += change =>
        {
            // One observer for both: calling several takes a stub that is compiled at every start.
            gatherer.Add(change);
            ListsChanged?.Invoke(change);
        };
        return (hub, gatherer, new SubscriptionsFeature(hub, ListsOf(features), CanSubscribe()));
    }

    // What is registered may be subscribed to, and what the options allow beyond it; null where nothing may.
    private Func<string, bool>? CanSubscribe()
    {
        var contents = Registry.Current.Contents;
        var beyond = Options.CanSubscribe;
        return contents.Resources.IsEmpty && contents.ResourceTemplates.IsEmpty
            ? beyond
            : uri => Registry.Current.HasResource(uri) || beyond?.Invoke(uri) == true;
    }

    // Told of are the lists that a client can ask for.
    private static RegistryChange ListsOf(IServerFeature[] features)
    {
        var lists = RegistryChange.None;
        foreach (var feature in features)
        {
            foreach (var method in feature.Methods)
            {
                lists |= method switch
                {
                    McpMethod.ToolsList => RegistryChange.Tools,
                    McpMethod.PromptsList => RegistryChange.Prompts,
                    McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList => RegistryChange.Resources,
                    _ => RegistryChange.None,
                };
            }
        }

        return lists;
    }

    private void TakeNote(McpExchange notification)
    {
        if (notification.Method == McpMethod.NotificationsInitialized && notification.Session is { } session)
        {
            _subscriptions.OnInitialized(session);
            Validation.Begin();
        }
    }
}
