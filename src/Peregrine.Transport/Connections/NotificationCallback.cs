namespace Peregrine.Transport.Connections;

/// <summary>
/// Takes a notification. Called on the connection's reader, one at a time and in order: return soon, block never, copy what you keep. What it throws is logged
/// and goes nowhere else.
/// </summary>
/// <param name="notification">The notification, valid during the call.</param>
public delegate void NotificationCallback(in IncomingNotification notification);
