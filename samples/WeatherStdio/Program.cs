using Peregrine.Server;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;

await PeregrineServer.CreateBuilder("weather", "1.0").AddTools(new WeatherTools()).RunStdioAsync();

[McpTools]
public sealed class WeatherTools
{
    /// <summary>Tells how warm it is in a city.</summary>
    /// <param name="city">City name, for example "Oslo".</param>
    [McpTool(ReadOnly = true, Idempotent = true)]
    public async ValueTask<string> GetWeather(string city, CancellationToken cancellationToken)
    {
        await Task.Delay(10, cancellationToken); // Ask a weather service here.
        return $"It is {15 + (city.Length % 10)} °C in {city}.";
    }
}
