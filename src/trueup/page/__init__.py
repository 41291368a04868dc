"""The report as one HTML file that needs nothing else: `render` puts it together, `views` say what stands in each part of it."""
