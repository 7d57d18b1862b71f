using Peregrine.Client;

// A URL, or a command line: either era, detected.
await using var client = args is [var url]
    ? await PeregrineClient.ConnectAsync(new Uri(url))
    : await PeregrineClient.ConnectStdioAsync("dotnet", ["run", "--project", "samples/WeatherStdio"]);

foreach (var tool in await client.ListToolsAsync())
{
    Console.WriteLine($"{tool.Name}: {tool.Description}");
}

using var result = await client.CallToolAsync("get_weather", """{"city":"Oslo"}"""u8.ToArray());
Console.WriteLine(result.GetText());
